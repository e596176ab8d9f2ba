/** CloudWatch namespace of all metrics. */
export const METRICS_NAMESPACE = 'AnthropicKeyRotation';

/** The only dimension: CloudWatch bills per name and dimension value, so never one per key. */
export const METRICS_DIMENSION = 'environment';

/** What the functions count, and what alarms and dashboard read. */
export const METRIC = {
  /** One per finished check of a key: the heartbeat, and the base of shares. */
  checkCompleted: 'CheckCompleted',
  checkFailed: 'CheckFailed',
  keyDead: 'KeyDead',
  /** The live value is of no use: a dead key that was never accepted, an empty or malformed value, other text, a key from elsewhere. */
  keyUnusable: 'KeyUnusable',
  /** The live key is refused, and nothing proves it dead. */
  keysRefused: 'KeysRefused',
  /** The live key authenticates but cannot be used: billing, spend limit, permission and the like. */
  keyBlocked: 'KeyBlocked',
  /** Blocked for a reason that affects the whole organization: one alarm per environment. */
  blockedBilling: 'BlockedBilling',
  blockedSpendLimit: 'BlockedSpendLimit',
  blockedOrganization: 'BlockedOrganization',
  /** No conclusive answer about the live key. */
  keyUnknown: 'KeyUnknown',
  /** The live key is older than its policy allows. */
  keyOverdue: 'KeyOverdue',
  /** A superseded key still works after its grace period. */
  keyZombie: 'KeyZombie',
  /** A managed key that was not checked for 26 hours; counted by the daily report. */
  keyUnwatched: 'KeyUnwatched',
  /** Age of the checked key, in days; read as a maximum. */
  oldestKeyAgeDays: 'OldestKeyAgeDays',
  /** A notice is due, and none of its recipients has confirmed a subscription. */
  nobodyListens: 'NobodyListens',
  /** A publish was refused; the notice is tried again at the next check. */
  noticeNotDelivered: 'NoticeNotDelivered',
  /** EventBridge refused an event. That of a notice is tried again at the next check. */
  eventNotDelivered: 'EventNotDelivered',
  /** A rotation ended in an error, in whichever step, although its submission was neither refused nor absent. */
  rotationFailed: 'RotationFailed',
  /** A bad value that a check took back: each time. */
  editUndone: 'EditUndone',
  reportCompleted: 'ReportCompleted',
} as const;

/** The name of a metric in CloudWatch. */
export type MetricName = (typeof METRIC)[keyof typeof METRIC];

/** What counts the beginnings of a state: every check counts the state itself again. */
export const begunOf = (metric: MetricName) => `${metric}Begun` as const;

/** The name of a metric that counts the beginnings of a state. */
export type BegunMetricName = ReturnType<typeof begunOf>;
