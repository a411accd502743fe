export interface LogsState {}

export function emptyLogsState(): LogsState {
  return {};
}
