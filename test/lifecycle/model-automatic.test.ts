import { playModel } from './play-model';

playModel({ name: 'with Admin access, automatic', adminAccess: true, policy: { deactivate: 'automatic' } });
