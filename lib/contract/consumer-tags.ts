import { CONSUMER_KINDS, CONSUMER_NAME, type Consumer, LONGEST_REFRESH_MINUTES } from '../domain/consumer';

/** The tags that hold who reads a key, without their prefix, in the order in which they are filled. A secret takes fifty tags in all. */
export const CONSUMER_TAGS = ['consumers', 'consumers-2', 'consumers-3', 'consumers-4', 'consumers-5'];

/** What such a tag holds, for messages. */
export const CONSUMERS_EXAMPLE = 'ecs restart prod/gateway + lambda 5m summaries';

/** Characters of a tag value. */
const MOST_CHARACTERS = 256;

/** Between two consumers. A name holds no blank, so this is never part of one. */
const SEPARATOR = ' + ';

/** The tags of consumers: none where there are none, more than `CONSUMER_TAGS` where they do not fit. */
function pack(consumers: readonly Consumer[]): readonly string[] {
  const values: string[] = [];
  for (const entry of consumers.map(encode)) {
    const last = values.at(-1);
    const longer = `${last}${SEPARATOR}${entry}`;
    if (last !== undefined && longer.length <= MOST_CHARACTERS) values.splice(-1, 1, longer);
    else values.push(entry);
  }
  return values;
}

/** How many tags too many they need; 0 where they fit. */
export const tagsTooMany = (consumers: readonly Consumer[]) =>
  Math.max(0, pack(consumers).length - CONSUMER_TAGS.length);

/** Deployment side: `{ consumers: 'ecs restart prod/gateway + lambda 5m summaries' }`. @throws RangeError if they do not fit */
export function consumersToTags(consumers: readonly Consumer[] = []): Record<string, string> {
  const values = pack(consumers);
  if (values.length > CONSUMER_TAGS.length)
    throw new RangeError(`These consumers need ${values.length} tags, of ${CONSUMER_TAGS.length}`);
  return Object.fromEntries(values.map((value, index) => [CONSUMER_TAGS[index]!, value]));
}

/** Function side, for one tag; undefined if any entry is malformed: a mail that names some consumers and not others would mislead. */
export function consumersFromTag(value: string): readonly Consumer[] | undefined {
  const consumers = value.split(SEPARATOR).map(decode);
  return consumers.every((each) => each !== undefined) ? consumers : undefined;
}

const AUTOMATIC = 'automatic';

/** `<kind> <refresh> <name>`. */
const encode = ({ kind, name, refresh, restarted }: Consumer) =>
  [kind, restarted ? AUTOMATIC : refresh === 'restart' ? refresh : `${refresh}m`, name].join(' ');

function decode(entry: string): Consumer | undefined {
  const [kindText, refreshText, name, ...more] = entry.split(' ');
  const kind = CONSUMER_KINDS.find((each) => each === kindText);
  if (!kind || !name || !CONSUMER_NAME.test(name) || more.length > 0) return undefined;
  if (refreshText === AUTOMATIC)
    return kind === 'ecs' ? { kind, name, refresh: 'restart', restarted: true } : undefined;
  if (refreshText === 'restart') return { kind, name, refresh: 'restart' };
  const minutes = Number(/^(\d{1,5})m$/.exec(refreshText ?? '')?.[1]);
  return minutes >= 1 && minutes <= LONGEST_REFRESH_MINUTES ? { kind, name, refresh: minutes } : undefined;
}
