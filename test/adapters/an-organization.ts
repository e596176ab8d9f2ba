import { type AdminApiOptions, createAdminApi } from '../../lib/adapters/anthropic-admin';
import { readAdminKey } from '../../lib/domain/key';
import type { AdminApi } from '../../lib/workflows/ports';
import { type FakeAnthropic, startFakeAnthropic } from '../../local/anthropic/fake-anthropic';
import { VirtualClock } from '../../local/clock';

/** A fake Anthropic for each test, and its Admin API by either credential. */
export function anOrganization(start: Date) {
  let clock: VirtualClock;
  let fake: FakeAnthropic;
  beforeEach(async () => {
    clock = new VirtualClock(start);
    fake = await startFakeAnthropic({ clock });
  });
  afterEach(() => fake.stop());

  const open = (credential: AdminApiOptions['credential']): AdminApi =>
    createAdminApi({ baseURL: fake.url, clock, credential });

  return {
    get clock() {
      return clock;
    },
    get fake() {
      return fake;
    },
    byAdminKey: () => open({ adminKey: readAdminKey(fake.createAdminKey())! }),
    /** As the function with Admin access, by a rule with that scope. */
    byFederation(scope?: string): AdminApi {
      fake.allowFederation({ ruleId: 'fdrl_1', serviceAccountId: 'svac_1', scope });
      return open({
        ruleId: 'fdrl_1',
        organizationId: fake.organization.id,
        serviceAccountId: 'svac_1',
        identityToken: async () => 'identity',
      });
    },
    /** How often a path was asked for. */
    asked: (path: string) => fake.requests.filter((request) => request.path === path).length,
    /** Answers a listing with these items, whatever they are. */
    answerWith: (path: string, data: readonly unknown[]) =>
      fake.script(
        {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ data, has_more: false, first_id: null, last_id: null, next_page: null }),
        },
        { path },
      ),
  };
}
