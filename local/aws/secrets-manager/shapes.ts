import { z } from 'zod';

/** Shapes of requests, after the API reference: lengths and characters that AWS refuses are refused here. */
export const secretId = z.string().min(1).max(2048);
export const secretName = z
  .string()
  .min(1)
  .max(512)
  .regex(
    /^[A-Za-z0-9/_+=.@-]+$/,
    'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
  );
export const token = z
  .string()
  .min(32, 'Member must have length greater than or equal to 32')
  .max(64, 'Member must have length less than or equal to 64');
export const label = z.string().min(1).max(256);
export const labels = z.array(label).min(1).max(20);
const secretString = z.string().min(1).max(65_536);
export const tagList = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));
export const maxResults = z.int().min(1).max(100).default(100);
export const nextToken = z.string().min(1).max(4096).optional();
export const value = { SecretString: secretString.optional(), SecretBinary: z.base64().min(1).optional() };
export const rules = z.strictObject({
  AutomaticallyAfterDays: z.int().min(1).max(1000).optional(),
  ScheduleExpression: z.string().min(1).max(256).optional(),
  Duration: z.string().min(2).max(3).optional(),
});
export const oneSecret = z.strictObject({ SecretId: secretId });
