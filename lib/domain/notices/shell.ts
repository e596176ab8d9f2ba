/** Quotes one word for bash, zsh and every POSIX shell. Words that need no quotes stay readable. */
export function quote(word: string): string {
  return /^[A-Za-z0-9_/.,:@+-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}

/** Breaks a command of quoted words into lines of at most `width` characters; a flag stays with its value. */
export function continued(words: readonly string[], indent = '  ', width = 70): string {
  const lines: string[] = [];
  let line = '';
  words.forEach((word, index) => {
    const flag = word.startsWith('--');
    const value = words[index + 1];
    const group = flag && value && !value.startsWith('--') ? `${word} ${value}` : word;
    const isValue = words[index - 1]?.startsWith('--') && !flag;
    if (isValue) return;
    if (line !== '' && line.length + 1 + group.length > width) {
      lines.push(line);
      line = indent + group;
    } else line += line === '' ? group : ` ${group}`;
  });
  return [...lines, line].join(' \\\n');
}
