export interface EksState {}

export function emptyEksState(): EksState {
  return {};
}
