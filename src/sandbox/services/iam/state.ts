export interface IamState {}

export function emptyIamState(): IamState {
  return {};
}
