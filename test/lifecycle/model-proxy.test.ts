import { behind } from './model';
import { playModel } from './play-model';

playModel({
  name: 'behind a proxy that strips headers',
  adminAccess: false,
  more: behind('a proxy that strips headers'),
});
