import { playModel } from './play-model';

/** What AWS leaves open, at its harshest: any put abandons a rotation, AWSPENDING stays on the promoted version, an old try comes back. */
playModel({
  name: 'on a harsh AWS',
  adminAccess: false,
  aws: {
    rotationAbandonedBy: 'any-put',
    pendingAfterSuccess: 'kept',
    reattemptsPrevious: true,
    testVersionHolds: 'nothing',
  },
});
