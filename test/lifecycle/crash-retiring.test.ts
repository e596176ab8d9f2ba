import { playCrashes } from './crash-points';

playCrashes('retiring');
