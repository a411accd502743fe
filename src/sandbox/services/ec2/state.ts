export interface Ec2State {}

export function emptyEc2State(): Ec2State {
  return {};
}
