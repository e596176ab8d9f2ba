import { HARSHEST, playModel } from './play-model';

playModel({
  name: 'automatic on a harsh AWS',
  adminAccess: true,
  policy: { deactivate: 'automatic' },
  aws: HARSHEST,
});
