import type { Clock, Log, Metrics } from '../lib/workflows/ports';

export interface LogLine {
  readonly at: Date;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the functions of one environment log and count, kept instead of printed. */
export class Telemetry {
  readonly lines: LogLine[] = [];
  /** Every datum in order: CloudWatch's alarms look at periods of it. */
  readonly counts: { readonly at: Date; readonly name: string; readonly value: number }[] = [];
  readonly log: Log;
  readonly metrics: Metrics;

  constructor(clock: Clock) {
    const at =
      (level: LogLine['level']) =>
      (message: string, fields: LogLine['fields'] = {}) => {
        this.lines.push({ at: clock.now(), level, message, fields });
      };
    this.log = { info: at('info'), warn: at('warn'), error: at('error') };
    this.metrics = {
      count: (name, value = 1) => this.counts.push({ at: clock.now(), name, value }),
      flush: () => {},
    };
  }

  total(name: string): number {
    return this.counts.reduce((sum, datum) => sum + (datum.name === name ? datum.value : 0), 0);
  }
}
