import {
  type DescribeUpdateRequest,
  type DescribeUpdateResponse,
  type ErrorDetail,
  type ListUpdatesRequest,
  type ListUpdatesResponse,
  type Update,
  type UpdateParam,
  UpdateParamType,
  type UpdateType,
} from "@aws-sdk/client-eks";
import type { Call } from "../../service.ts";
import { isRepeat } from "./asked.ts";
import { invalidParameter, resourceNotFound } from "./errors.ts";
import { addonOf, capabilityOf, clusterOf, nodegroupOf } from "./lookup.ts";
import { paged } from "./pages.ts";
import { type Place, uuid } from "./place.ts";
import type { Asked, UpdateRecord } from "./state.ts";

interface Updated<Change> {
  updates: UpdateRecord<Change>[];
}

/** Records an update that has begun; who calls it schedules its end. */
export function startUpdate<Change>(
  place: Place,
  updated: Updated<Change>,
  wanted: { type: UpdateType; params: UpdateParam[]; asked: Asked; change: Change },
): UpdateRecord<Change> {
  const update = {
    id: uuid(place),
    status: "InProgress" as const,
    createdAt: place.world.now(),
    errors: [],
    ...wanted,
  };
  updated.updates.push(update);
  return update;
}

/** The update that this very request has started before. Throws InvalidParameterException for a token used for another. */
export function startedBefore<Change>(updated: Updated<Change>, asked: Asked): UpdateRecord<Change> | undefined {
  const earlier = updated.updates.find((update) => asked.token !== null && update.asked.token === asked.token);
  if (earlier && !isRepeat(earlier.asked, asked)) {
    throw invalidParameter("The client request token was used before for a request with other parameters.");
  }
  return earlier;
}

/** The update of this id, which is known to be there. */
export function updateById<Change>(updated: Updated<Change>, id: string): UpdateRecord<Change> {
  const update = updated.updates.find((each) => each.id === id);
  if (!update) throw new Error(`there is no update ${id}`);
  return update;
}

export function failUpdate(update: UpdateRecord<unknown>, error: ErrorDetail): void {
  update.status = "Failed";
  update.errors = [error];
}

/** The parameters of an update: those that have a value, as text. */
export function paramsOf(values: Partial<Record<UpdateParamType, unknown>>): UpdateParam[] {
  return Object.values(UpdateParamType)
    .map((type) => ({ type, value: values[type] }))
    .filter(({ value }) => value !== undefined)
    .map(({ type, value }) => ({ type, value: typeof value === "string" ? value : JSON.stringify(value) }));
}

export function updateView({ id, status, type, params, createdAt, errors }: UpdateRecord<unknown>): Update {
  return { id, status, type, params, createdAt: new Date(createdAt), errors };
}

interface Target {
  readonly name: string | undefined;
  readonly nodegroupName?: string | undefined;
  readonly addonName?: string | undefined;
  readonly capabilityName?: string | undefined;
}

function updatesOf(
  place: Place,
  { name, nodegroupName, addonName, capabilityName }: Target,
): readonly UpdateRecord<unknown>[] {
  const cluster = clusterOf(place, name ?? "");
  if (nodegroupName !== undefined) return nodegroupOf(cluster, nodegroupName).updates;
  if (addonName !== undefined) return addonOf(cluster, addonName).updates;
  if (capabilityName !== undefined) return capabilityOf(cluster, capabilityName).updates;
  return cluster.updates;
}

function listUpdates(input: ListUpdatesRequest, call: Call): ListUpdatesResponse {
  const { items, nextToken } = paged(updatesOf(call, input).toReversed(), input);
  return { updateIds: items.map((update) => update.id), ...nextToken };
}

function describeUpdate(input: DescribeUpdateRequest, call: Call): DescribeUpdateResponse {
  const update = updatesOf(call, input).find((each) => each.id === input.updateId);
  if (!update) throw resourceNotFound(`No update found for ID: ${input.updateId}`);
  return { update: updateView(update) };
}

export const updateHandlers = { ListUpdates: listUpdates, DescribeUpdate: describeUpdate };
