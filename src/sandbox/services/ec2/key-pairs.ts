import type {
  DeleteKeyPairRequest,
  DeleteKeyPairResult,
  DescribeKeyPairsRequest,
  DescribeKeyPairsResult,
  ImportKeyPairRequest,
  ImportKeyPairResult,
} from "@aws-sdk/client-ec2";
import { createHash, createPublicKey } from "node:crypto";
import { AwsError } from "../../aws-error.ts";
import type { Call } from "../../service.ts";
import { missingParameter, required } from "./errors.ts";
import { keyPairFamily } from "./families.ts";
import { isVisible, select } from "./family.ts";
import { ec2Of, recorded, type Place } from "./place.ts";
import type { KeyPairRecord } from "./state.ts";
import { tagList, tagsOnCreate } from "./tag-specifications.ts";

export function keyPairNamed(place: Place, name: string): KeyPairRecord | undefined {
  return Object.values(ec2Of(place).keyPairs).find((key) => key.KeyName === name);
}

function importKeyPair(input: ImportKeyPairRequest, call: Call): ImportKeyPairResult {
  const name = required(input.KeyName, "keyName");
  const material = Buffer.from(required(input.PublicKeyMaterial, "publicKeyMaterial")).toString().trim();
  const tags = tagsOnCreate(input.TagSpecifications, "key-pair");
  if (keyPairNamed(call, name)) {
    throw new AwsError("InvalidKeyPair.Duplicate", "The keypair already exists");
  }
  const key: KeyPairRecord = {
    ...recorded(call, tags),
    KeyPairId: call.world.id("key"),
    KeyName: name,
    ...fingerprint(material),
    PublicKey: material,
    createdAt: call.world.now(),
  };
  ec2Of(call).keyPairs[key.KeyPairId] = key;
  const { KeyName, KeyPairId, KeyFingerprint } = key;
  return { KeyName, KeyPairId, KeyFingerprint, Tags: tagList(key.tags) };
}

/** As AWS computes it: SHA-256 of an ED25519 key's blob in base64, MD5 of an RSA key in DER (EC2 user guide, "Key pairs"). */
function fingerprint(publicKey: string): Pick<KeyPairRecord, "KeyType" | "KeyFingerprint"> {
  const [type = "", base64 = ""] = publicKey.split(/\s+/);
  const blob = Buffer.from(base64, "base64");
  const fields = sshFields(blob);
  if (type === "ssh-ed25519" && fields.length === 2) {
    return { KeyType: "ed25519", KeyFingerprint: createHash("sha256").update(blob).digest("base64") };
  }
  const [, exponent, modulus] = fields;
  if (type !== "ssh-rsa" || !exponent || !modulus) {
    throw new AwsError("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  }
  const jwk = { kty: "RSA", e: exponent.toString("base64url"), n: withoutSign(modulus).toString("base64url") };
  const der = createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "der" });
  const md5 = createHash("md5").update(der).digest("hex");
  return { KeyType: "rsa", KeyFingerprint: (md5.match(/../g) ?? []).join(":") };
}

/** The length-prefixed fields of an SSH key (RFC 4253). */
function sshFields(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  for (let at = 0; at + 4 <= blob.length;) {
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) return [];
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** A positive number may begin with a zero byte. */
function withoutSign(number: Buffer): Buffer {
  return number[0] === 0 ? number.subarray(1) : number;
}

function describeKeyPairs(input: DescribeKeyPairsRequest, call: Call): DescribeKeyPairsResult {
  const { KeyNames: names = [], KeyPairIds: ids, Filters: filters } = input;
  const missing = names.filter((name) => {
    const key = keyPairNamed(call, name);
    return !key || !isVisible(key, call);
  });
  if (missing.length > 0) throw keyPairFamily.notFound(missing);
  const found = select(keyPairFamily, call, { ids: ["keyPairIds", ids], filters });
  const asked = names.length > 0 ? found.filter((key) => names.includes(key.KeyName)) : found;
  return {
    KeyPairs: asked.map((key) => ({
      KeyPairId: key.KeyPairId,
      KeyName: key.KeyName,
      KeyFingerprint: key.KeyFingerprint,
      KeyType: key.KeyType,
      CreateTime: new Date(key.createdAt),
      ...(input.IncludePublicKey ? { PublicKey: key.PublicKey } : {}),
      Tags: tagList(key.tags),
    })),
  };
}

/** A name that is not there is no error. */
function deleteKeyPair(input: DeleteKeyPairRequest, call: Call): DeleteKeyPairResult {
  const { KeyName: name, KeyPairId: id } = input;
  if (name === undefined && id === undefined) throw missingParameter("KeyName or KeyPairId");
  const { keyPairs } = ec2Of(call);
  const key = name === undefined ? keyPairs[id ?? ""] : keyPairNamed(call, name);
  if (key) delete keyPairs[key.KeyPairId];
  return { Return: true, ...(key ? { KeyPairId: key.KeyPairId } : {}) };
}

export const keyPairHandlers = {
  ImportKeyPair: importKeyPair,
  DescribeKeyPairs: describeKeyPairs,
  DeleteKeyPair: deleteKeyPair,
};
