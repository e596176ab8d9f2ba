import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { scrub } from '../domain/key';
import type { Clock, Log } from '../workflows/ports';

/** Structured JSON logs on stdout. Anything that looks like a key is replaced, at any depth. */
export function createLog(props: {
  readonly service: string;
  readonly environment: string;
  readonly clock: Clock;
  /** Id of the invocation that logs, as in Lambda's own lines. */
  readonly requestId?: () => string | undefined;
}): Log {
  const logger = new Logger({
    serviceName: props.service,
    persistentKeys: { environment: props.environment },
    logFormatter: new InvocationFormatter(props.clock, props.requestId),
    jsonReplacerFn: (_, value) => (typeof value === 'string' ? scrub(value) : value),
  });
  return {
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields = {}) => logger.error(message, { ...fields }),
  };
}

/** The fields of every line, dated by the workflow's clock. */
class InvocationFormatter extends LogFormatter {
  constructor(
    private readonly clock: Clock,
    private readonly requestId?: () => string | undefined,
  ) {
    super();
  }

  formatAttributes(line: UnformattedAttributes, fields: LogAttributes): LogItem {
    const attributes = {
      timestamp: this.clock.now().toISOString(),
      level: line.logLevel,
      service: line.serviceName,
      message: line.message,
      // As Powertools and its queries name it.
      function_request_id: this.requestId?.(),
      xray_trace_id: line.xRayTraceId,
    };
    return new LogItem({ attributes }).addAttributes(fields);
  }
}
