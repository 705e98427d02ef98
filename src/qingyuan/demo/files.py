"""Evidence and stamped pages of the demo: files that say on their face that they are nothing else."""

from __future__ import annotations

import io


def evidence(title: str) -> io.BytesIO:
    """A Word file with one sentence."""
    from docx import Document

    document = Document()
    document.add_heading(f"{title}（演示）", level=1)
    document.add_paragraph("本文件仅用于演示，内容为虚构，不具有任何证明效力。")
    made = io.BytesIO()
    document.save(made)
    made.seek(0)
    return made


def stamped_page(number: int) -> io.BytesIO:
    """A PDF page with a frame where the stamp would be; Latin letters, so that no font need be embedded."""
    lines = (f"DEMO {number:02d} - stamped page", "No seal, no legal effect. For demonstration only.")
    drawing = "0.5 w 320 120 160 160 re S BT /F1 16 Tf 72 700 Td 24 TL "
    drawing += " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    content = drawing.encode("ascii")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, offsets = io.BytesIO(), []
    made.write(b"%PDF-1.4\n")
    for position, body in enumerate(objects, start=1):
        offsets.append(made.tell())
        made.write(b"%d 0 obj\n%s\nendobj\n" % (position, body))
    start = made.tell()
    made.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    made.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    made.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    made.seek(0)
    return made
