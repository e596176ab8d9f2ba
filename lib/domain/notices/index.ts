export { renderChat, renderChatReport } from './chat';
export type { NoticeContext } from './context';
export type { Fleet, FleetReport, FleetRow, Subscription } from './fleet';
export { noticeId } from './notice-id';
export { renderNotice } from './render';
export { renderReport } from './report';
