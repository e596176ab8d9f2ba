import { byAnOperator } from './model';
import { playModel } from './play-model';

playModel({ name: 'where an operator moves labels', adminAccess: false, more: byAnOperator });
