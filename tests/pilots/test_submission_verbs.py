"""From a ready application to a received submission, by the verbs."""

from __future__ import annotations

import io
import zipfile

import pytest

from qingyuan.kernel import clock, ledger, storage
from qingyuan.kernel.actions import Closed, Invalid, KeyReused, NotAllowed, Stale, WrongStage
from qingyuan.kernel.models import LedgerEntry, Mail
from qingyuan.papers.package import verify_package
from qingyuan.pilots import actions, drafts, seal
from qingyuan.pilots.models import Submission
from tests.pilot_maker import small_pdf


@pytest.mark.sqlite
@pytest.mark.clause("N6")
@pytest.mark.clause("H1")
@pytest.mark.parametrize("category", ["sector", "park", "region"])
def test_each_category_goes_from_nothing_to_a_received_submission(maker, world, category):
    pilot = maker(category, stage="submitted")
    assert pilot.stage == "submitted"
    submission = Submission.objects.get(pilot=pilot)
    assert submission.register_number == 1
    assert submission.package_name == f"2022+{pilot.name}+{pilot.applicant.name}.zip"
    assert submission.mail_subject == f"2022+{pilot.name}+{pilot.applicant.name}"
    with storage.open_blob(submission.package_sha256) as package:
        assert verify_package(package) == []
        package.seek(0)
        names = zipfile.ZipFile(package).namelist()
    assert names[0] == "清洁生产审核创新试点实施方案.docx"
    assert any(name.startswith("盖章页/") for name in names)
    entry = LedgerEntry.objects.get(seq=submission.ledger_seq)
    assert entry.subject_id == str(submission.pk)
    assert entry.content["payload"]["package_sha256"] == submission.package_sha256
    assert ledger.verify()
    told = set(Mail.objects.filter(ledger_seq=submission.ledger_seq).values_list("address", flat=True))
    assert told >= {"call-2022@example.org", world.park_handler.email, world.park_lead.email}


def test_the_self_check_stops_a_hand_in_and_names_everything_at_once(maker, world):
    pilot = maker("park", stage="drafting")
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(pilot, by=world.park_handler)
    areas = {problem.where for problem in refusal.value.problems}
    assert areas == {"object", "eligibility", "scope", "plan", "targets"}
    assert all(problem.url for problem in refusal.value.problems)


@pytest.mark.sqlite
@pytest.mark.clause("H1")
def test_the_deadline_falls_to_the_second(maker, world):
    pilot = maker("park", stage="sealed")
    with clock.at("2022-06-30T18:00:00+08:00"):
        late = seal.seal(pilot)
        with pytest.raises(Closed):
            actions.submit(pilot, by=world.park_handler, sealed=late)
    with clock.at("2022-06-30T17:59:59.999999+08:00"):
        assert actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot)).version == 1


def test_a_request_that_arrived_in_time_is_not_lost_to_the_packing(maker, world):
    pilot = maker("park", stage="sealed")
    with clock.at("2022-06-30T17:59:58+08:00"):
        sealed = seal.seal(pilot)
    with clock.at("2022-06-30T18:00:03+08:00"):
        submission = actions.submit(pilot, by=world.park_handler, sealed=sealed)
    assert submission.version == 1


@pytest.mark.sqlite
def test_a_double_click_is_one_submission(maker, world):
    pilot = maker("park", stage="sealed")
    sealed = seal.seal(pilot)
    first = actions.submit(pilot, by=world.park_handler, sealed=sealed, key="k1")
    with clock.at("2022-06-20T09:00:05+08:00"):
        again = actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot), key="k1")
    assert first.pk == again.pk
    assert Submission.objects.count() == 1
    assert LedgerEntry.objects.filter(verb="pilot.submit").count() == 1


@pytest.mark.sqlite
@pytest.mark.clause("H1")
def test_a_second_submission_makes_a_new_version_and_the_first_stays_valid_until_then(maker, world):
    pilot = maker("park", stage="submitted")
    first = Submission.objects.get()
    actions.reopen(pilot, by=world.park_handler)
    assert Submission.objects.get(pk=first.pk).is_current
    pilot = maker.fresh(pilot)
    chapter = pilot.chapters.get(outline_id="goals")
    drafts.save_chapter(
        pilot, outline_id="goals", html="<p>新的目标</p>", revision=chapter.revision, by=world.park_handler
    )
    actions.hand_in(pilot, by=world.park_handler)
    actions.pass_review(pilot, by=world.park_reviewer)
    actions.sign(pilot, by=world.park_signer, no_state_secrets=True)
    pilot = maker.fresh(pilot)
    second = actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    first.refresh_from_db()
    assert (first.version, first.is_current, second.version, second.is_current) == (1, False, 2, True)
    assert (first.register_number, second.register_number) == (1, 2)
    assert "新的目标" not in str(first.snapshot)


def test_after_the_deadline_nothing_is_reopened(maker, world):
    pilot = maker("park", stage="submitted")
    with clock.at("2022-06-30T18:00:00+08:00"), pytest.raises(Closed):
        actions.reopen(pilot, by=world.park_handler)


def test_what_was_received_is_withdrawn_until_the_deadline_and_a_draft_at_any_time(maker, world):
    received = maker("park", stage="submitted")
    draft = maker("sector", stage="drafting")
    with clock.at("2022-06-30T18:00:00+08:00"):
        with pytest.raises(Closed, match="联系受理单位"):
            actions.withdraw(received, by=world.park_signer, remark="演示：不再申报")
        assert maker.fresh(received).stage == "submitted"
        assert received.submissions.get().is_current
        assert actions.withdraw(draft, by=world.park_signer, remark="演示：不再申报").stage == "withdrawn"
    with clock.at("2022-06-30T17:59:59+08:00"):
        gone = actions.withdraw(maker.fresh(received), by=world.park_signer, remark="演示：不再申报")
    assert gone.stage == "withdrawn"
    assert not received.submissions.get().is_current


def test_what_is_signed_is_what_is_sent(maker, world):
    pilot = maker("park", stage="sealed")
    sealed = seal.seal(pilot)
    actions.return_for_changes(pilot, by=world.park_signer, remark="再核一遍数字")
    with pytest.raises(WrongStage):
        actions.submit(pilot, by=world.park_handler, sealed=sealed)
    actions.hand_in(pilot, by=world.park_handler)
    actions.pass_review(pilot, by=world.park_reviewer)
    actions.sign(pilot, by=world.park_signer, no_state_secrets=True)
    with pytest.raises(Stale):
        actions.submit(pilot, by=world.park_handler, sealed=sealed)


def test_a_signature_needs_the_word_on_state_secrets(maker, world):
    pilot = maker("park", stage="signing")
    with pytest.raises(Invalid, match="有 1 处"):
        actions.sign(pilot, by=world.park_signer, no_state_secrets=False)


def test_without_the_stamped_page_nothing_is_sent(maker, world):
    pilot = maker("park", stage="signed")
    with pytest.raises(Invalid) as refusal:
        actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
    assert [problem.message for problem in refusal.value.problems] == ["尚未上传盖章页"]


@pytest.mark.parametrize(
    "who", ["park_reviewer", "park_signer", "city_handler", "consultant", "province_handler", "stranger"]
)
def test_only_the_applicants_handler_or_lead_submits(maker, world, who):
    pilot = maker("park", stage="sealed")
    with pytest.raises(NotAllowed, match="经办人"):
        actions.submit(pilot, by=world.people[who], sealed=seal.seal(pilot))


def test_register_numbers_have_no_gaps_also_after_refusals(maker, world):
    first = maker("park", stage="submitted")
    broken = maker("sector", stage="signed", applicant="park")
    with pytest.raises(Invalid):
        actions.submit(broken, by=world.park_handler, sealed=seal.seal(broken))
    second = maker("sector", stage="submitted", applicant="city", name="第二个")
    numbers = [Submission.objects.get(pilot=pilot).register_number for pilot in (first, second)]
    assert numbers == [1, 2]


def test_a_package_of_51_mb_is_refused_with_its_size_and_nothing_is_lost(maker, world):
    pilot = maker("park", stage="drafting", name="大材料包")
    maker.fill(pilot, by=world.park_handler)
    for number in range(2):
        padded = small_pdf(f"large {number}").getvalue()
        # Bytes of a comment inside the PDF, so that it stays one: 25.6 MB each.
        head, tail = padded[:9], padded[9:]
        noise = b"%" + bytes([65 + number]) * (26 * 1024 * 1024) + b"\n"
        upload = maker.upload(
            by=world.park_handler, name=f"附件{number}.pdf", file=io.BytesIO(head + noise + tail)
        )
        actions.attach(pilot, by=world.park_handler, upload=upload, purpose="other", title=f"附件{number}")
    with pytest.raises(Invalid) as refusal:
        actions.hand_in(pilot, by=world.park_handler)
    assert any(
        "超过 50M" in problem.message and "52." in problem.message for problem in refusal.value.problems
    )
    pilot = maker.fresh(pilot)
    assert pilot.stage == "drafting"
    assert pilot.attachments.filter(purpose="other").count() == 2


def test_an_old_stamped_page_does_not_seal_a_new_version(maker, world):
    pilot = maker("park", stage="submitted")
    with clock.at("2022-06-21T09:00:00+08:00"):
        actions.reopen(pilot, by=world.park_handler)
        actions.hand_in(pilot, by=world.park_handler)
        actions.pass_review(pilot, by=world.park_reviewer)
        actions.sign(pilot, by=world.park_signer, no_state_secrets=True)
        pilot = maker.fresh(pilot)
        with pytest.raises(Invalid, match="有 1 处") as refusal:
            actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot))
        assert "重新盖章" in refusal.value.problems[0].message
        with pytest.raises(Invalid):  # a service body does not exchange what was stamped
            actions.attach(
                pilot, by=world.consultant, upload=maker.upload(by=world.consultant), purpose="seal"
            )
        maker.attach_seal(pilot, by=world.park_handler)
        pilot = maker.fresh(pilot)
        assert actions.submit(pilot, by=world.park_handler, sealed=seal.seal(pilot)).version == 2


def test_only_bodies_of_the_province_answer_its_call(world):
    from qingyuan.people.models import Organisation

    Organisation.objects.filter(pk=world.park.pk).update(region_code="440100")
    world.park.refresh_from_db()
    with pytest.raises(Invalid) as refusal:
        actions.create(
            world.call, by=world.park_handler, applicant=world.park, category_id="park", name="演示"
        )
    assert [problem.clause for problem in refusal.value.problems] == ["N7"]


def test_the_register_keeps_the_instant_of_arrival_and_packing_has_its_limit(maker, world):
    pilot = maker("park", stage="sealed")
    with clock.at("2022-06-30T17:59:58+08:00") as arrived:
        sealed = seal.seal(pilot)
    with clock.at("2022-06-30T18:20:00+08:00"), pytest.raises(Stale):
        actions.submit(pilot, by=world.park_handler, sealed=sealed)
    with clock.at("2022-06-30T18:00:20+08:00"):
        assert actions.submit(pilot, by=world.park_handler, sealed=sealed).submitted_at == arrived


def test_a_repeated_click_whose_result_was_removed_is_told_so(maker, world):
    pilot = maker("park", stage="drafting")
    upload = maker.upload(by=world.park_handler)
    attached = actions.attach(pilot, by=world.park_handler, upload=upload, purpose="other", key="k")
    actions.detach(pilot, by=world.park_handler, attachment_id=attached.pk)
    with pytest.raises(KeyReused, match="已经办过"):
        actions.attach(pilot, by=world.park_handler, upload=upload, purpose="other", key="k")
