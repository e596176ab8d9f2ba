import { playCrashes } from './crash-points';

playCrashes('submitted');
