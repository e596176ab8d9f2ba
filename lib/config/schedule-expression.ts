const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const CRON = /^cron\(([^()]+)\)$/;
const MINUTES = { minute: 1, hour: 60, day: 1440 } as const;
const FEWEST_MINUTES = 5;
const MOST_MINUTES = 1440;

const EXPECTED =
  'rate(N minutes), rate(N hours) from 5 minutes to 1 day, or cron(minutes hours day month weekday year) that runs every day';

/**
 * Says what is expected where `expression` is not usable as a check schedule. A key that is not checked at least daily is
 * reported as unwatched, so anything slower is refused here.
 */
export function scheduleFault(expression: string): string | undefined {
  const rate = RATE.exec(expression);
  if (rate) {
    const minutes = Number(rate[1]) * MINUTES[rate[2] as keyof typeof MINUTES];
    return minutes >= FEWEST_MINUTES && minutes <= MOST_MINUTES ? undefined : EXPECTED;
  }
  const fields = CRON.exec(expression)?.[1]?.split(' ');
  if (fields?.length !== 6) return EXPECTED;
  const [minutes, hours, day, month, weekday, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const daily =
    ((day === '*' && weekday === '?') || (day === '?' && weekday === '*')) && month === '*' && year === '*';
  return daily && isField(minutes, 59) && isField(hours, 23) ? undefined : EXPECTED;
}

// `5`, `1-5`, `*`, `0/15` and lists of these, within `0..most`.
function isField(field: string, most: number): boolean {
  return field.split(',').every((part) => {
    const match = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return false;
    const [from, to, step] = match
      .slice(1)
      .map((number) => (number === undefined ? undefined : Number(number)));
    return (from ?? 0) <= (to ?? most) && (from ?? 0) <= most && (to ?? 0) <= most && (step ?? 1) > 0;
  });
}
