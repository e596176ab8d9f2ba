import { randomUUID } from 'node:crypto';
import { RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { refused, secretAtHand } from '../secret-at-hand';
import { type Case, eventually } from '../world';

const REFUSED = refused('InvalidRequestException');

/** When a rotation is refused. How one runs is for the tests of the embedded world alone: other targets have no function to call. */
export const ROTATION_CASES: readonly Case[] = [
  {
    sentence: 'a rotation without a function is refused and changes nothing',
    async prove(world) {
      const secret = await secretAtHand(world);
      const rotate = new RotateSecretCommand({ SecretId: secret.arn, ClientRequestToken: randomUUID() });
      await expect(world.secrets.send(rotate)).rejects.toEqual(REFUSED);
      await eventually(world, async () =>
        expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'] }),
      );
    },
  },
  {
    sentence: 'a rotation is refused while AWSPENDING sits on a version that is not current',
    rotates: true,
    async prove(world) {
      const secret = await secretAtHand(world);
      const second = await secret.put('two', ['AWSPENDING']);
      const rotate = new RotateSecretCommand({
        SecretId: secret.arn,
        ClientRequestToken: randomUUID(),
        RotationLambdaARN: world.rotationFunction,
      });
      await expect(world.secrets.send(rotate)).rejects.toEqual(
        expect.objectContaining({
          name: 'InvalidRequestException',
          message: expect.stringContaining(
            "A previous rotation isn't complete. That rotation will be reattempted.",
          ),
        }),
      );
      expect(await secret.labels()).toEqual({ [secret.first]: ['AWSCURRENT'], [second]: ['AWSPENDING'] });
    },
  },
];
