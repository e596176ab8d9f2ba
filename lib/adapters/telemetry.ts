import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { LogAttributes, UnformattedAttributes } from '@aws-lambda-powertools/logger/types';
import { Metrics as EmfMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { scrub } from '../domain/key';
import { METRICS_DIMENSION } from '../domain/metrics';
import type { Clock, Log, Metrics } from '../workflows/ports';

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

/** Metrics in CloudWatch's embedded format on stdout. The environment is the only dimension, so cost does not grow with the fleet. */
export function createMetrics(props: { readonly namespace: string; readonly environment: string }): Metrics {
  const metrics = new EmfMetrics({ namespace: props.namespace });
  // The library adds a dimension `service` by default.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [METRICS_DIMENSION]: props.environment });
  return {
    count: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
    flush: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
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
