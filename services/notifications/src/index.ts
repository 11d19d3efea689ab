export { notificationsMigrations } from './migrations';
export { createNotifications } from './service';
export { Settings as NotificationsSettings } from './settings';
