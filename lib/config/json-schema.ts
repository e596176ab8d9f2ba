import { z } from 'zod';
import { fleetSchema } from './schema';

/** The schema of the fleet file for editors, from the same source as its validation. */
export function fleetJsonSchema(): string {
  const schema = z.toJSONSchema(fleetSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
