import { playModel } from './play-model';

playModel({ name: 'where ids of versions begin alike', adminAccess: false, idsAlike: true });
