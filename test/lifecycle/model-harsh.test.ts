import { HARSHEST, playModel } from './play-model';

playModel({ name: 'on a harsh AWS', adminAccess: false, aws: HARSHEST });
