import { clientConfig, startFakeAws } from '../../../local/aws';
import { VirtualClock } from '../../../local/clock';
import type { Target } from '../world';
import { clientsOf } from './clients';

/** The embedded world of demo and tests. */
export const EMBEDDED: Target = {
  name: 'the embedded world',
  differences: [],
  rotates: true,
  async start() {
    const clock = new VirtualClock(new Date('2026-11-21T00:00:00Z'));
    const aws = await startFakeAws({ clock });
    return {
      ...clientsOf(clientConfig(aws, 'contract'), () => aws.close()),
      clock,
      rotationFunction: aws.lambda.register('rotate', async () => undefined),
    };
  },
};
