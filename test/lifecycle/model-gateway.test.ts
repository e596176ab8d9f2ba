import { behind } from './model';
import { playModel } from './play-model';

playModel({
  name: 'behind a gateway that refuses everybody for a while',
  adminAccess: true,
  policy: { deactivate: 'automatic' },
  more: behind('a gateway that refuses everybody'),
});
