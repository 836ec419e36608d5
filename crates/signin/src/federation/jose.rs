//! Signed messages of a provider: who signed, and what it says. Only algorithms with a public key are known, so a
//! message without a signature, or signed with a key everybody knows, is no message.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
    RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::Value;

/// A provider's public key (RFC 7517).
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Jwk {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Not three parts, or not JSON.
    Malformed,
    /// `none`, a shared secret, or one we do not know.
    Algorithm,
    /// No key of the provider has this name: it may have new ones.
    UnknownKey,
    Signature,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// The claims of a message that one of these keys signed.
pub(crate) fn verified(message: &str, keys: &[Jwk]) -> Result<Value, Fault> {
    let mut parts = message.split('.');
    let (Some(header), Some(claims), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Fault::Malformed);
    };
    let read = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Fault::Malformed);
    let head: Header = serde_json::from_slice(&read(header)?).map_err(|_| Fault::Malformed)?;
    if head.crit.is_some() || !matches!(head.alg.as_str(), "RS256" | "PS256" | "ES256" | "EdDSA") {
        return Err(Fault::Algorithm);
    }
    let fits = |key: &&Jwk| {
        key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && key.alg.as_ref().is_none_or(|alg| *alg == head.alg)
            && key.suits(&head.alg)
            && (head.kid.is_none() || key.kid == head.kid)
    };
    let mut candidates = keys.iter().filter(fits).peekable();
    if candidates.peek().is_none() {
        return Err(Fault::UnknownKey);
    }
    let signed = message.rsplit_once('.').map_or("", |(signed, _)| signed).as_bytes();
    let signature = read(signature)?;
    if !candidates.any(|key| key.signed(&head.alg, signed, &signature) == Some(())) {
        return Err(Fault::Signature);
    }
    serde_json::from_slice(&read(claims)?).map_err(|_| Fault::Malformed)
}

impl Jwk {
    fn suits(&self, alg: &str) -> bool {
        match alg {
            "RS256" | "PS256" => self.kty == "RSA",
            "ES256" => self.kty == "EC" && self.crv.as_deref() == Some("P-256"),
            _ => self.kty == "OKP" && self.crv.as_deref() == Some("Ed25519"),
        }
    }

    fn signed(&self, alg: &str, message: &[u8], signature: &[u8]) -> Option<()> {
        let part = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_deref()?).ok();
        match alg {
            "RS256" | "PS256" => {
                let how =
                    if alg == "RS256" { &RSA_PKCS1_2048_8192_SHA256 } else { &RSA_PSS_2048_8192_SHA256 };
                let key = RsaPublicKeyComponents { n: part(&self.n)?, e: part(&self.e)? };
                key.verify(how, message, signature).ok()
            }
            "ES256" => {
                let point = [vec![4], part(&self.x)?, part(&self.y)?].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).ok()
            }
            _ => UnparsedPublicKey::new(&ED25519, part(&self.x)?).verify(message, signature).ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.3: ES256.
    #[test]
    fn the_example_of_the_standard_holds_and_nothing_near_it() {
        let key: Jwk = serde_json::from_value(serde_json::json!({
            "kty": "EC", "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }))
        .unwrap();
        let message = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        assert_eq!(verified(message, std::slice::from_ref(&key)).unwrap()["iss"], "joe");
        let altered = message.replacen("eyJpc3Mi", "eyJpc3Ni", 1);
        assert!(verified(&altered, std::slice::from_ref(&key)).is_err());
        assert_eq!(verified(message, &[]), Err(Fault::UnknownKey));
        let none = format!("{}.e30.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
        assert_eq!(verified(&none, std::slice::from_ref(&key)), Err(Fault::Algorithm));
        let shared = format!("{}.e30.AA", URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#));
        assert_eq!(verified(&shared, std::slice::from_ref(&key)), Err(Fault::Algorithm));
        assert_eq!(verified("a.b", &[key]), Err(Fault::Malformed));
    }
}
