// The few sentences that scripts show, in the language of the page.
const chinese = {
  due: "已截止",
  left: (text) => `还剩 ${text}`,
  days: (n) => `${n} 天`,
  hours: (n) => `${n} 小时`,
  minutes: (n) => `${n} 分`,
  seconds: (n) => `${n} 秒`,
  copied: "已复制",
  copyFailed: "未能复制，请手工选取后复制",
  confirm: "确定",
  cancel: "取消",
  saving: "正在保存……",
  saved: (time) => `已保存 ${time}`,
  unsaved: "有未保存的修改",
  saveFailed: "暂时不能保存：文字已留在本页，连通后自动再试",
  signedOut: "登录已过期：请在新标签页登录，回到本页后自动再试；文字仍在本页",
  conflict: "他人已修改这一内容，自动保存已停止。您的文字仍在本页；提交时可以对照两份文字",
  refused: "未能保存：",
  found: "本页留有一份没有保存成功的文字",
  restore: "恢复这份文字",
  discard: "丢弃",
  tooLarge: (name, size, limit) => `${name} 有 ${size}，超过 ${limit}：请压缩图片或拆分文件后再选`,
  chosen: (name, size) => `${name}（${size}）`,
  characters: (n) => `${n} 字`,
  editor: {
    toolbar: "文字格式",
    undo: "撤销",
    redo: "重做",
    heading3: "小标题",
    heading4: "次级小标题",
    bold: "加粗",
    italic: "斜体",
    underline: "下划线",
    bullets: "项目符号",
    numbers: "编号",
    clear: "清除格式",
    table: "插入表格",
    row: "下方加一行",
    column: "右侧加一列",
    dropRow: "删除本行",
    dropColumn: "删除本列",
    dropTable: "删除表格",
  },
};

const english = {
  due: "Closed",
  left: (text) => `${text} left`,
  days: (n) => `${n} d`,
  hours: (n) => `${n} h`,
  minutes: (n) => `${n} min`,
  seconds: (n) => `${n} s`,
  copied: "Copied",
  copyFailed: "Could not copy: please select and copy by hand",
  confirm: "Confirm",
  cancel: "Cancel",
  saving: "Saving…",
  saved: (time) => `Saved ${time}`,
  unsaved: "Changes not saved yet",
  saveFailed: "Cannot save at the moment: the text stays on this page and is tried again",
  signedOut: "Signed out: sign in in another tab; this page keeps the text and tries again",
  conflict: "Someone else changed this; autosave has stopped. Your text stays here; on submitting you can compare both",
  refused: "Not saved: ",
  found: "This page holds a text that could not be saved",
  restore: "Restore it",
  discard: "Discard",
  tooLarge: (name, size, limit) => `${name} has ${size}, more than ${limit}: compress pictures or split the file`,
  chosen: (name, size) => `${name} (${size})`,
  characters: (n) => `${n} characters`,
  editor: {
    toolbar: "Text format",
    undo: "Undo",
    redo: "Redo",
    heading3: "Heading",
    heading4: "Sub-heading",
    bold: "Bold",
    italic: "Italic",
    underline: "Underline",
    bullets: "Bullets",
    numbers: "Numbers",
    clear: "Clear format",
    table: "Insert table",
    row: "Add row below",
    column: "Add column right",
    dropRow: "Delete row",
    dropColumn: "Delete column",
    dropTable: "Delete table",
  },
};

export const words = document.documentElement.lang.startsWith("zh") ? chinese : english;

/** Bytes as people read them; the same steps as the `bytes_zh` filter. */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}

/** A status line that screen readers announce. */
export function announcer(className) {
  const line = document.createElement("span");
  line.className = className;
  line.setAttribute("role", "status");
  return line;
}
