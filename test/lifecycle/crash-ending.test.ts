import { playCrashes } from './crash-points';

playCrashes('ending');
