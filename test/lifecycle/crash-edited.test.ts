import { playCrashes } from './crash-points';

playCrashes('edited');
