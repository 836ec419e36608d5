//! What an authenticator says (Web Authentication, level 2), and whether it is true. We ask for no attestation: any
//! make of key will do, so its maker's signature is not looked at.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ciborium::Value as Cbor;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const RS256: i64 = -257;
/// Asked for in this order.
pub(super) const ALGORITHMS: [i64; 3] = [ES256, EDDSA, RS256];

const PRESENT: u8 = 1;
/// The authenticator knew who held it: by a finger, a face or a code of its own.
const VERIFIED: u8 = 1 << 2;
/// The key may be copied to other devices.
const COPIED: u8 = 1 << 3;
const HOLDS_KEY: u8 = 1 << 6;

/// The house as a browser knows it.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// `https://regie.delta.nl`
    pub origin: &'a str,
}

impl Site<'_> {
    /// The name a key belongs to: the host, without scheme and port.
    pub(super) fn host(&self) -> &str {
        let host = self.origin.split_once("://").map_or(self.origin, |(_, host)| host);
        host.rsplit_once(':').map_or(host, |(host, _)| host)
    }
}

/// A key that was made, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub credential: Vec<u8>,
    pub algorithm: i64,
    pub public_key: Vec<u8>,
    pub uses: i64,
    /// It stays in one device, and it knew who held it.
    pub bound: bool,
}

/// What a signature proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Proven {
    /// The key's own count of its uses.
    pub uses: i64,
    /// It stays in one device, and it knew who held it.
    pub bound: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// The challenge in what the browser says, if the rest of it is right. `kind` is `webauthn.create` or `webauthn.get`.
pub(super) fn challenge(client_data: &[u8], kind: &str, site: Site<'_>) -> Option<Vec<u8>> {
    let said: ClientData = serde_json::from_slice(client_data).ok()?;
    let right = said.kind == kind && said.origin == site.origin && !said.cross_origin;
    right.then(|| URL_SAFE_NO_PAD.decode(said.challenge).ok()).flatten()
}

/// What the authenticator says, taken apart.
struct Said<'a> {
    uses: i64,
    flags: u8,
    rest: &'a [u8],
}

impl Said<'_> {
    const fn bound(&self) -> bool {
        self.flags & VERIFIED != 0 && self.flags & COPIED == 0
    }
}

fn said<'a>(data: &'a [u8], site: Site<'_>) -> Option<Said<'a>> {
    let (host, rest) = data.split_first_chunk::<32>()?;
    let (flags, rest) = rest.split_first()?;
    let (uses, rest) = rest.split_first_chunk::<4>()?;
    let ours = host.as_slice() == Sha256::digest(site.host().as_bytes()).as_slice();
    (ours && flags & PRESENT != 0).then(|| Said {
        uses: u32::from_be_bytes(*uses).into(),
        flags: *flags,
        rest,
    })
}

/// The key in an attestation.
pub(super) fn made(attestation: &[u8], site: Site<'_>) -> Option<Made> {
    let Ok(Cbor::Map(members)) = read(&mut &*attestation) else { return None };
    let data = members.into_iter().find_map(|(name, value)| match (name, value) {
        (Cbor::Text(name), Cbor::Bytes(data)) if name == "authData" => Some(data),
        _ => None,
    })?;
    let said = said(&data, site).filter(|said| said.flags & HOLDS_KEY != 0)?;
    let (_maker, rest) = said.rest.split_first_chunk::<16>()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (credential, mut key) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    if credential.is_empty() || credential.len() > 1023 {
        return None;
    }
    let (algorithm, public_key) = public_key(&read(&mut key).ok()?)?;
    Some(Made {
        credential: credential.to_vec(),
        algorithm,
        public_key,
        uses: said.uses,
        bound: said.bound(),
    })
}

/// Nothing we read is deep; what is, is not for us.
fn read(bytes: &mut &[u8]) -> Result<Cbor, ()> {
    ciborium::de::from_reader_with_recursion_limit(bytes, 8).map_err(|_| ())
}

/// COSE (RFC 9053) to what a signature is checked with.
fn public_key(key: &Cbor) -> Option<(i64, Vec<u8>)> {
    let Cbor::Map(members) = key else { return None };
    let find = |wanted: i64| {
        members.iter().find_map(|(name, value)| match name {
            Cbor::Integer(name) if i128::from(*name) == i128::from(wanted) => Some(value),
            _ => None,
        })
    };
    let whole = |wanted: i64| match find(wanted)? {
        Cbor::Integer(value) => i64::try_from(i128::from(*value)).ok(),
        _ => None,
    };
    let bytes = |wanted: i64| match find(wanted)? {
        Cbor::Bytes(bytes) => Some(bytes.as_slice()),
        _ => None,
    };
    let algorithm = whole(3)?;
    let kept = match (algorithm, whole(1)?) {
        (ES256, 2) if whole(-1)? == 1 => {
            let (x, y) = (bytes(-2)?, bytes(-3)?);
            (x.len() == 32 && y.len() == 32).then(|| [&[4], x, y].concat())?
        }
        (EDDSA, 1) if whole(-1)? == 6 => bytes(-2).filter(|x| x.len() == 32)?.to_vec(),
        (RS256, 3) => {
            let (n, e) = (bytes(-1)?, bytes(-2)?);
            let length = u16::try_from(n.len()).ok().filter(|length| (256..=1024).contains(length))?;
            [&length.to_be_bytes(), n, e].concat()
        }
        _ => return None,
    };
    Some((algorithm, kept))
}

/// Whether the holder of a kept key signed this.
pub(super) fn proven(
    key: &Made,
    client_data: &[u8],
    data: &[u8],
    signature: &[u8],
    site: Site<'_>,
) -> Option<Proven> {
    let said = said(data, site)?;
    // A key that counts never counts back: then there are two of it.
    if (said.uses != 0 || key.uses != 0) && said.uses <= key.uses {
        return None;
    }
    let signed = [data, Sha256::digest(client_data).as_slice()].concat();
    let public = key.public_key.as_slice();
    match key.algorithm {
        ES256 => UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, public).verify(&signed, signature),
        EDDSA => UnparsedPublicKey::new(&ED25519, public).verify(&signed, signature),
        RS256 => {
            let (length, rest) = public.split_first_chunk::<2>()?;
            let (n, e) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
            RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, &signed, signature)
        }
        _ => return None,
    }
    .ok()?;
    Some(Proven { uses: said.uses, bound: said.bound() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};

    const SITE: Site<'_> = Site { origin: "https://regie.delta.nl:8443" };

    fn data(host: &str, flags: u8, uses: u32) -> Vec<u8> {
        [Sha256::digest(host).as_slice(), &[flags], &uses.to_be_bytes()].concat()
    }

    fn pair() -> EcdsaKeyPair {
        let random = SystemRandom::new();
        let bytes = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, bytes.as_ref(), &random).unwrap()
    }

    fn attestation(pair: &EcdsaKeyPair, host: &str, flags: u8) -> Vec<u8> {
        let point = pair.public_key().as_ref();
        let whole = |n: i64| Cbor::Integer(n.into());
        let key = Cbor::Map(vec![
            (whole(1), whole(2)),
            (whole(3), whole(-7)),
            (whole(-1), whole(1)),
            (whole(-2), Cbor::Bytes(point[1..33].to_vec())),
            (whole(-3), Cbor::Bytes(point[33..].to_vec())),
        ]);
        let mut cose = Vec::new();
        ciborium::into_writer(&key, &mut cose).unwrap();
        let auth = [data(host, flags, 0), vec![0; 16], vec![0, 3], b"abc".to_vec(), cose].concat();
        let whole = Cbor::Map(vec![
            (Cbor::Text("fmt".into()), Cbor::Text("none".into())),
            (Cbor::Text("attStmt".into()), Cbor::Map(Vec::new())),
            (Cbor::Text("authData".into()), Cbor::Bytes(auth)),
        ]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&whole, &mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_key_of_this_house_proves_itself_and_nothing_else_does() {
        let pair = pair();
        let key = made(&attestation(&pair, "regie.delta.nl", 0x41), SITE).unwrap();
        assert_eq!((key.credential.as_slice(), key.algorithm), (b"abc".as_slice(), -7));
        assert_eq!(made(&attestation(&pair, "evil.example", 0x41), SITE), None, "made elsewhere");
        assert_eq!(made(&attestation(&pair, "regie.delta.nl", 0x40), SITE), None, "nobody was there");

        let client = br#"{"type":"webauthn.get","challenge":"YWJj","origin":"https://regie.delta.nl:8443"}"#;
        let sign = |data: &[u8], client: &[u8]| {
            let signed = [data, Sha256::digest(client).as_slice()].concat();
            pair.sign(&SystemRandom::new(), &signed).unwrap().as_ref().to_vec()
        };
        let right = data("regie.delta.nl", 5, 7);
        assert!(!key.bound, "it did not know who held it");
        let proof = proven(&key, client, &right, &sign(&right, client), SITE);
        assert_eq!(proof, Some(Proven { uses: 7, bound: true }));
        for (flags, bound) in [(1, false), (5, true), (9, false), (0x0d, false), (0x1d, false)] {
            let data = data("regie.delta.nl", flags, 7);
            let proof = proven(&key, client, &data, &sign(&data, client), SITE).unwrap();
            assert_eq!(proof.bound, bound, "flags {flags:#x}");
        }
        assert!(made(&attestation(&pair, "regie.delta.nl", 0x45), SITE).unwrap().bound);
        assert!(!made(&attestation(&pair, "regie.delta.nl", 0x4d), SITE).unwrap().bound, "it may be copied");
        let counted = Made { uses: 7, ..key.clone() };
        assert_eq!(proven(&counted, client, &right, &sign(&right, client), SITE), None, "a copy of the key");
        for wrong in [data("evil.example", 5, 8), data("regie.delta.nl", 4, 8)] {
            assert_eq!(proven(&key, client, &wrong, &sign(&wrong, client), SITE), None);
        }
        assert_eq!(proven(&key, b"{}", &right, &sign(&right, client), SITE), None);
        assert_eq!(proven(&key, client, &right, &[0; 70], SITE), None);
    }

    #[test]
    fn the_browser_must_be_here_and_do_what_was_asked() {
        let said = |kind: &str, origin: &str, more: &str| {
            let text = format!(r#"{{"type":"{kind}","challenge":"YWJj","origin":"{origin}"{more}}}"#);
            challenge(text.as_bytes(), "webauthn.get", SITE)
        };
        let here = SITE.origin;
        assert_eq!(said("webauthn.get", here, r#","crossOrigin":false,"other":1"#), Some(b"abc".to_vec()));
        assert_eq!(said("webauthn.create", here, ""), None);
        assert_eq!(said("webauthn.get", "https://evil.example", ""), None);
        assert_eq!(said("webauthn.get", here, r#","crossOrigin":true"#), None);
        assert_eq!(challenge(b"\xff", "webauthn.get", SITE), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_without_trouble(bytes: Vec<u8>) {
            let _ = made(&bytes, SITE);
            let _ = challenge(&bytes, "webauthn.get", SITE);
            let mut after = data("regie.delta.nl", 0x41, 1);
            after.extend(bytes);
            let _ = said(&after, SITE);
        }
    }
}
