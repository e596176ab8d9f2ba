import { KEY_CHANGED } from '../../lib/contract/events';
import { memoryFromTags } from '../../lib/contract/memory-tags';
import { lastChange } from '../../lib/domain/memory';
import { CrashController } from '../fakes/crash';
import { TestEnvironment, type TestKey } from './test-key';

let testKey: TestKey;
afterEach(() => testKey.close());

const changes = () =>
  testKey.sandbox.aws.events.received.filter(({ detailType }) =>
    (KEY_CHANGED as readonly string[]).includes(detailType),
  );
const timeline = () => memoryFromTags(testKey.secret.tags);

describe('a crash of the check that accepts a key', () => {
  /** The first key and the one that replaced it, which has been live for so many hours. */
  const replaceFirstKey = async (key: TestKey, hours: number) => {
    await key.promoteFirstKey();
    await key.after(1);
    await key.submit(key.newKey());
    await key.after(hours);
  };

  const FLOWS: Record<string, (key: TestKey) => Promise<() => Promise<unknown>>> = {
    'a second rotation': async (key) => {
      await replaceFirstKey(key, 5);
      const next = key.newKey();
      return () => key.submit(next);
    },
    'a rotation after a way back': async (key) => {
      await replaceFirstKey(key, 1);
      await key.command({ verb: 'roll-back' });
      await key.after(5);
      const next = key.newKey();
      return () => key.submit(next);
    },
    'a way back': async (key) => {
      await replaceFirstKey(key, 5);
      return () => key.command({ verb: 'roll-back' }).catch(() => {});
    },
    'a second edit': async (key) => {
      await replaceFirstKey(key, 5);
      const next = key.newKey();
      return async () => {
        await key.edit(next);
        await key.check().catch(() => {});
      };
    },
  };

  test.each(Object.entries(FLOWS))(
    'in %s: machines hear of the change, and it is remembered when it was',
    async (_, flow) => {
      const controller = new CrashController();
      const { around, process } = controller;
      const environment = await TestEnvironment.open({ around, process });
      testKey = await environment.key();
      const act = await flow(testKey);
      controller.arm();
      await act();
      controller.disarm();
      const calls = [...controller.calls];
      const points = calls.flatMap((name, at) =>
        /^(store|bus|board)\./.test(name) && !/read|describe|list/.test(name) ? at + 1 : [],
      );
      const faults: string[] = [];
      for (const call of points) {
        testKey = await environment.key();
        const again = await flow(testKey);
        const was = testKey.live;
        // Tags hold whole seconds.
        const began = new Date(Math.floor(testKey.sandbox.clock.now().getTime() / 1000) * 1000);
        const before = changes().length;
        controller.arm({ call, side: 'after' });
        await again();
        controller.disarm();
        await testKey.days(1, 3);
        // It died before anything changed, and nobody asked again.
        if (testKey.live === was) continue;
        const where = `after call ${call}, ${calls[call - 1]}`;
        if (testKey.live !== testKey.accepted) faults.push(`${where}: not accepted`);
        const heard = changes().slice(before).length;
        if (heard === 0) faults.push(`${where}: no event`);
        const change = lastChange(timeline());
        if (!change || change < began) faults.push(`${where}: remembers ${change?.toISOString()}`);
      }
      expect(faults).toEqual([]);
    },
  );
});
