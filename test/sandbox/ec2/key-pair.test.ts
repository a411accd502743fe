import { DeleteKeyPairCommand, DescribeKeyPairsCommand, ImportKeyPairCommand } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { account, refused } from "./account.ts";

// Public halves of throwaway keys; the fingerprints are those of ssh-keygen and openssl.
const keys = [
  {
    type: "ed25519",
    material: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA+4NPcZPqMcUZVlVJ11Uhl1S0I0eg8/5SFOVCTvfHxi test",
    fingerprint: "JDyghtKVtrs+rke4JT56SOGi7N0z0qUs0+oDmngntFw=",
  },
  {
    type: "rsa",
    material:
      "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCZk/TNV8Vfo6qhKHM0T6ttgInOj0PrrZ4bZGXZvOeB+qakO/PRZjKnp7xNkoAbCz0/wxtUevYPioyIFLZI16M72l4hmmMad5MONLOrP5fM7Bruh8ozTdtJC7v7fwDTt69jCl9ZKt8dNReKRcFgoSVYTJ8n8+IcThfeuf70ZzE+OJ2fl8WBXn+2uF4HdunaU+6vYIxAsdo1EJw9wXNGGeoroVSWuKUlB6hgX3Yt3kjGoaqLwbTst6FRJxxY3uG4tW0MX8zYk3GHlhjOxEeqRnrxZhaNO9dT6wmaVogexerhJ+wMe4skUD4gIKzT5mYOVqoEVP2MS3alAqfdxvqwj4fB test",
    fingerprint: "df:68:e8:c9:ec:6c:78:c3:69:54:6e:8b:a3:83:ef:8b",
  },
];

test.each(keys)(
  "a key pair of type $type is imported with AWS's fingerprint",
  async ({ type, material, fingerprint }) => {
    const { ec2, pass } = await account();
    const input = { KeyName: "admin", PublicKeyMaterial: Buffer.from(material) };
    expect((await ec2.send(new ImportKeyPairCommand(input))).KeyFingerprint).toBe(fingerprint);
    await refused(ec2.send(new ImportKeyPairCommand(input)), "InvalidKeyPair.Duplicate");
    await pass(1);
    const named = new DescribeKeyPairsCommand({ KeyNames: ["admin"] });
    expect((await ec2.send(named)).KeyPairs).toMatchObject([{ KeyName: "admin", KeyType: type }]);
    await ec2.send(new DeleteKeyPairCommand({ KeyName: "admin" }));
    await ec2.send(new DeleteKeyPairCommand({ KeyName: "admin" }));
    await refused(ec2.send(named), "InvalidKeyPair.NotFound", /'admin' does not exist/);
  },
);

test("what is no public key is refused", async () => {
  const { ec2 } = await account();
  for (const text of ["hello", "ssh-rsa AAAA", "ssh-ed25519 AAAAC3Nza"]) {
    const input = { KeyName: "admin", PublicKeyMaterial: Buffer.from(text) };
    await refused(ec2.send(new ImportKeyPairCommand(input)), "InvalidKey.Format");
  }
});
