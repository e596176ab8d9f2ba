import { playCrashes } from './crash-points';

playCrashes('leaked');
