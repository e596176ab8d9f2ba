/** Takes anything that looks like an Anthropic key or a signed token out of a text that others wrote, such as an error. */
export function scrub(text: string): string {
  return text
    .replace(/sk-ant-[\w-]+/gi, (found, at: number, whole: string) =>
      isHint(found, whole.slice(at + found.length)) ? found : 'sk-ant-[redacted]',
    )
    .replace(/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[redacted token]');
}

/** The printable form of a key, `sk-ant-api03-R2D…igAA`, may stay. */
const isHint = (start: string, rest: string) => start.length <= 17 && rest.startsWith('…');
