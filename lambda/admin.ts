import { openAdminApi } from '../lib/adapters/admin-access';
import { packed } from '../lib/adapters/long-answer';
import { createHandler, type Runtime } from '../lib/adapters/runtime';
import { systemClock } from '../lib/adapters/system-clock';
import { isOrdersArn } from '../lib/contract/names';
import { administer } from '../lib/workflows/administer';
import type { AdminRequest } from '../lib/workflows/ports';

/** The only function with Admin access to Anthropic. It has no event source and trusts no caller. */
export const adminOn = (runtime: Runtime) =>
  createHandler(
    runtime,
    'admin',
    async (request: AdminRequest, ports, { invokedFunctionArn = '', awsRequestId = '' }) =>
      packed(
        await administer(request, {
          ...ports,
          admin: undefined,
          door: { forOrders: isOrdersArn(invokedFunctionArn), requestId: awsRequestId },
          openApi: () => openAdminApi(runtime, ports),
        }),
      ),
  );

export const handler = adminOn({ vars: process.env, clock: systemClock });
