import type { ResourceStatus, StackStatus } from "@aws-sdk/client-cloudformation";
import type { Place } from "./place.ts";
import type { ResourceRecord, StackRecord } from "./state.ts";

export function stackEvent(place: Place, stack: StackRecord, status: StackStatus, reason?: string): void {
  stack.status = status;
  if (reason === undefined) delete stack.reason;
  else stack.reason = reason;
  event(place, stack, {
    logicalId: stack.name,
    physicalId: stack.id,
    type: "AWS::CloudFormation::Stack",
    status: status as ResourceStatus,
    ...(reason === undefined ? {} : { reason }),
  });
}

export function resourceEvent(
  place: Place,
  stack: StackRecord,
  record: ResourceRecord,
  status: ResourceStatus,
  reason?: string,
): void {
  record.status = status;
  record.changedAt = place.world.now();
  if (reason === undefined) delete record.reason;
  else record.reason = reason;
  const { logicalId, physicalId, type } = record;
  event(place, stack, { logicalId, physicalId, type, status, ...(reason === undefined ? {} : { reason }) });
}

type NewEvent = Omit<StackRecord["events"][number], "id" | "at" | "token">;

function event({ world }: Place, stack: StackRecord, happened: NewEvent): void {
  stack.events.push({
    ...happened,
    id: `${happened.logicalId}-${happened.status}-${stack.events.length}`,
    at: world.now(),
    ...(stack.operationToken === undefined ? {} : { token: stack.operationToken }),
  });
}
