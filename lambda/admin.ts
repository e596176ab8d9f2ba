import { openAdminApi } from '../lib/adapters/admin-access';
import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { administer } from '../lib/workflows/administer';
import type { AdminRequest } from '../lib/workflows/ports';

/** The only function with Admin access to Anthropic. It has no event source and trusts no caller. */
export const adminOn = (runtime: Runtime) =>
  createHandler(runtime, 'admin', async (request: AdminRequest, ports) =>
    administer(request, { ...ports, admin: undefined, api: await openAdminApi(runtime, ports) }),
  );

export const handler = adminOn({ vars: process.env, clock: systemClock });
