/** A mail as the topic got it. */
export interface Mail {
  readonly topic: string;
  readonly subject: string;
  /** What an e-mail subscription delivers. */
  readonly text: string;
  /** What a queue, a function or a web hook gets. */
  readonly machine: { readonly kind: string; readonly service?: string; readonly secretArn?: string };
}

interface Recorded {
  readonly sns?: {
    readonly Topic?: readonly {
      readonly name: string;
      readonly sent_notifications: readonly (readonly [id: string, message: string, subject: string])[];
    }[];
  };
}

/** Everything that was published on the emulator so far, oldest first per topic. */
export async function recordedMails(emulator: string): Promise<readonly Mail[]> {
  const answer = await fetch(`${emulator}/moto-api/data.json`);
  const { sns } = JSON.parse(await answer.text()) as Recorded;
  return (sns?.Topic ?? []).flatMap(({ name: topic, sent_notifications }) =>
    sent_notifications.map(([, message, subject]) => {
      const { email, sqs } = JSON.parse(message) as { email: string; sqs: string };
      return { topic, subject, text: email, machine: JSON.parse(sqs) };
    }),
  );
}

const COMMAND = /^ {7}\S/;

/** The commands of a mail, each as the lines that a person selects and copies, indentation included. */
function commandsIn(text: string): readonly string[] {
  const blocks: string[][] = [];
  let open = false;
  for (const line of text.split('\n')) {
    if (open && line.startsWith('       ')) blocks.at(-1)!.push(line);
    else if (COMMAND.test(line)) blocks.push([line]);
    open = line.startsWith('       ');
  }
  return blocks.map((lines) => lines.join('\n'));
}

/** The one block of a mail that has this word. @throws Error where the mail has none, or several */
export function commandWith({ subject, text }: Mail, word: string): string {
  const [block, ...more] = commandsIn(text).filter((command) => command.includes(word));
  if (!block || more.length > 0) throw new Error(`Not one block with ${word} in the mail ${subject}.`);
  return block;
}
