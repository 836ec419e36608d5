use jiff::Timestamp;
use regie_db::{row, statements};

row! {
    pub struct Brand {
        pub colour: Option<String>,
        pub colour_dark: Option<String>,
        pub logo_type: Option<String>,
        pub version: i64,
        pub changed_at: Timestamp,
    }
}

statements! {
    pub(super) fn brand() -> Brand =
        "SELECT colour, colour_dark, logo_type, version, changed_at FROM brand WHERE institution = $1";

    pub(super) fn version() -> (i64,) = "SELECT version FROM brand WHERE institution = $1";

    pub(super) fn logo() -> (Vec<u8>, String) =
        "SELECT logo, logo_type FROM brand WHERE institution = $1 AND logo IS NOT NULL AND logo_type IS NOT NULL";

    pub(super) fn set_colours(colour: Option<&str>, colour_dark: Option<&str>, at: Timestamp) =
        "INSERT INTO brand (institution, colour, colour_dark, version, changed_at) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (institution) DO UPDATE SET colour = excluded.colour, colour_dark = excluded.colour_dark,
            version = brand.version + 1, changed_at = excluded.changed_at";

    pub(super) fn set_logo(logo: Option<&[u8]>, logo_type: Option<&str>, at: Timestamp) =
        "INSERT INTO brand (institution, logo, logo_type, version, changed_at) VALUES ($1, $2, $3, 1, $4)
         ON CONFLICT (institution) DO UPDATE SET logo = excluded.logo, logo_type = excluded.logo_type,
            version = brand.version + 1, changed_at = excluded.changed_at";
}
