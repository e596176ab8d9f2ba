import { fromStrangers } from './model';
import { playModel } from './play-model';

playModel({
  name: 'among strangers',
  adminAccess: true,
  policy: { deactivate: 'automatic' },
  more: fromStrangers,
});
