import { playModel } from './play-model';

playModel({ name: 'asking a human', adminAccess: false });
