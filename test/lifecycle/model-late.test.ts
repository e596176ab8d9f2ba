import { behind } from './model';
import { playModel } from './play-model';

playModel({ name: 'where answers come late', adminAccess: false, more: behind('answers that come late') });
