import { Metrics as EmfMetrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRICS_DIMENSION } from '../domain/metrics';
import type { Metrics } from '../workflows/ports';

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
