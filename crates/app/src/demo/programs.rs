//! Programmes as a broad mbo school has them; the national codes are made up.

/// A field: the team that teaches it has its name at the same place in the list of teams.
pub type Field = &'static [(&'static str, &'static [u32])];

pub const FIELDS: &[Field] = &[
    &[
        ("Verpleegkundige", &[4]),
        ("Verzorgende IG", &[3]),
        ("Helpende zorg en welzijn", &[2]),
        ("Dienstverlening zorg", &[2]),
        ("Doktersassistent", &[4]),
        ("Apothekersassistent", &[4]),
        ("Tandartsassistent", &[4]),
        ("Mbo-verpleegkundige ggz", &[4]),
        ("Verzorgende ouderenzorg", &[3]),
        ("Operatieassistent", &[4]),
        ("Praktijkopleider zorg", &[3, 4]),
    ],
    &[
        ("Begeleider gehandicaptenzorg", &[3, 4]),
        ("Begeleider specifieke doelgroepen", &[3, 4]),
        ("Thuisbegeleider", &[4]),
        ("Agogisch medewerker ggz", &[4]),
        ("Sociaal werker", &[4]),
        ("Sociaal-maatschappelijk dienstverlener", &[4]),
        ("Schuldhulpverlener", &[4]),
        ("Jongerenwerker", &[4]),
        ("Medewerker wijkteam", &[2, 3]),
    ],
    &[
        ("Pedagogisch medewerker kinderopvang", &[3]),
        ("Gespecialiseerd pedagogisch medewerker", &[4]),
        ("Onderwijsassistent", &[4]),
        ("Leraarondersteuner", &[4]),
        ("Gastouder", &[3]),
        ("Begeleider jeugdzorg", &[3, 4]),
        ("Medewerker buitenschoolse opvang", &[2, 3]),
        ("Tolk gebarentaal in opleiding", &[4]),
        ("Praktijkondersteuner vo", &[4]),
    ],
    &[
        ("Software developer", &[4]),
        ("Medewerker applicaties", &[2, 3]),
        ("Game developer", &[4]),
        ("Data-assistent", &[3, 4]),
        ("Tester", &[3, 4]),
        ("Webbouwer", &[3, 4]),
        ("App developer", &[4]),
        ("Ontwerper gebruikservaring", &[4]),
        ("Robotica programmeur", &[4]),
    ],
    &[
        ("Expert IT systems and devices", &[4]),
        ("Allround medewerker IT", &[3]),
        ("Medewerker ICT support", &[2]),
        ("Netwerkbeheerder", &[3, 4]),
        ("Cloud engineer", &[4]),
        ("Beveiliger van systemen", &[4]),
        ("Monteur glasvezel", &[2, 3]),
        ("Beheerder werkplekken", &[2, 3]),
    ],
    &[
        ("Mediavormgever", &[4]),
        ("Fotograaf", &[4]),
        ("Audiovisueel specialist", &[4]),
        ("Medewerker sign", &[2, 3]),
        ("Podium- en evenemententechnicus", &[3, 4]),
        ("Interactief vormgever", &[4]),
        ("Ruimtelijk vormgever", &[4]),
        ("Drukker", &[2, 3]),
        ("Animator", &[4]),
    ],
    &[
        ("Verkoper", &[2]),
        ("Verkoopspecialist", &[3]),
        ("Manager retail", &[4]),
        ("Ondernemer handel", &[4]),
        ("Medewerker webshop", &[2, 3]),
        ("Filiaalmanager", &[4]),
        ("Accountmanager", &[4]),
        ("Vestigingsmanager groothandel", &[4]),
        ("Inkoper", &[3, 4]),
    ],
    &[
        ("Financieel administratief medewerker", &[3]),
        ("Bedrijfsadministrateur", &[4]),
        ("Junior assistent-accountant", &[4]),
        ("Medewerker salarisadministratie", &[3, 4]),
        ("Adviseur verzekeringen", &[4]),
        ("Medewerker debiteuren", &[2, 3]),
        ("Assistent-controller", &[4]),
        ("Medewerker kasbeheer", &[2]),
        ("Kredietbeoordelaar", &[3, 4]),
    ],
    &[
        ("Juridisch-administratief dienstverlener", &[4]),
        ("Medewerker human resource management", &[4]),
        ("Managementassistent", &[4]),
        ("Secretaresse", &[3]),
        ("Medewerker secretariaat en receptie", &[2, 3]),
        ("Medewerker sociale zekerheid", &[4]),
        ("Klantcontactmedewerker", &[2, 3]),
        ("Notarieel medewerker", &[4]),
        ("Griffiemedewerker", &[3, 4]),
    ],
    &[
        ("Kok", &[2]),
        ("Zelfstandig werkend kok", &[3]),
        ("Leidinggevende keuken", &[4]),
        ("Gastheer", &[2]),
        ("Zelfstandig werkend gastheer", &[3]),
        ("Leidinggevende bediening", &[4]),
        ("Bakker", &[2, 3]),
        ("Patissier", &[3, 4]),
        ("Manager ondernemer horeca", &[4]),
    ],
    &[
        ("Leidinggevende travel en hospitality", &[4]),
        ("Zelfstandig medewerker travel", &[3]),
        ("Medewerker recreatie", &[2]),
        ("Leisure host", &[3, 4]),
        ("Reisleider", &[3, 4]),
        ("Hotelreceptionist", &[2, 3]),
        ("Medewerker evenementen", &[2, 3, 4]),
        ("Gastheer attractiepark", &[2, 3]),
    ],
    &[
        ("Luchtvaartdienstverlener", &[3]),
        ("Leidinggevende luchtvaartdienstverlening", &[4]),
        ("Vliegtuigonderhoudsmonteur", &[3, 4]),
        ("Medewerker grondafhandeling", &[2]),
        ("Medewerker vracht", &[2, 3]),
        ("Steward", &[3, 4]),
        ("Technicus avionica", &[3, 4]),
    ],
    &[
        ("Autotechnicus", &[2, 3]),
        ("Technisch specialist personenauto's", &[4]),
        ("Fietstechnicus", &[2, 3]),
        ("Bedrijfswagentechnicus", &[2, 3]),
        ("Autospuiter", &[2, 3]),
        ("Schadehersteller", &[2, 3]),
        ("Manager mobiliteitsbranche", &[4]),
    ],
    &[
        ("Monteur elektrotechnische installaties", &[2]),
        ("Eerste monteur elektrotechniek", &[3]),
        ("Technicus engineering", &[4]),
        ("Servicetechnicus elektrotechniek", &[3, 4]),
        ("Monteur laagspanning", &[2, 3]),
        ("Industrieel elektrotechnicus", &[3, 4]),
        ("Monteur zonnepanelen", &[2, 3]),
        ("Technicus domotica", &[4]),
        ("Monteur data", &[2, 3]),
    ],
    &[
        ("Monteur mechatronica", &[2, 3]),
        ("Technicus mechatronica", &[4]),
        ("Lasser", &[2, 3]),
        ("Verspaner", &[2, 3]),
        ("Werkvoorbereider fabricage", &[4]),
        ("Monteur werktuigkundige installaties", &[2, 3]),
        ("Middenkader engineering", &[4]),
    ],
    &[
        ("Timmerman", &[2]),
        ("Allround timmerman", &[3]),
        ("Metselaar", &[2, 3]),
        ("Schilder", &[2, 3]),
        ("Middenkaderfunctionaris bouw", &[4]),
        ("Uitvoerder infra", &[4]),
        ("Stratenmaker", &[2]),
        ("Tegelzetter", &[2, 3]),
        ("Dakdekker", &[2, 3]),
    ],
    &[
        ("Logistiek medewerker", &[2]),
        ("Logistiek teamleider", &[3]),
        ("Logistiek supervisor", &[4]),
        ("Chauffeur wegvervoer", &[2, 3]),
        ("Planner wegtransport", &[4]),
        ("Medewerker havenlogistiek", &[2, 3]),
        ("Machinist railvervoer", &[3]),
        ("Manager transport", &[4]),
    ],
    &[
        ("Beveiliger", &[2]),
        ("Coördinator beveiliging", &[3]),
        ("Handhaver toezicht en veiligheid", &[3]),
        ("Aankomend onderofficier", &[3]),
        ("Aankomend medewerker grondoptreden", &[2]),
        ("Medewerker centralist", &[2, 3]),
        ("Leidinggevende veiligheid", &[4]),
        ("Publieke veiligheid", &[2, 3]),
    ],
    &[
        ("Sport- en bewegingsleider", &[3]),
        ("Coördinator sport", &[4]),
        ("Coördinator buurt, onderwijs en sport", &[4]),
        ("Coördinator sportinstructie", &[4]),
        ("Medewerker sportaccommodatie", &[2]),
        ("Fitnessinstructeur", &[2, 3]),
        ("Zweminstructeur", &[2, 3]),
        ("Trainer-coach", &[3, 4]),
    ],
    &[
        ("Assistent dienstverlening", &[1]),
        ("Assistent horeca en voeding", &[1]),
        ("Assistent logistiek", &[1]),
        ("Assistent installatie en techniek", &[1]),
        ("Assistent bouwen en wonen", &[1]),
        ("Assistent verkoop", &[1]),
        ("Assistent mobiliteit", &[1]),
        ("Assistent plant en groen", &[1]),
        ("Assistent procestechniek", &[1]),
        ("Assistent zorg", &[1]),
        ("Assistent medewerker entree", &[1]),
        ("Entree met taal", &[1]),
    ],
];

/// One programme: its field, its name and its level.
#[derive(Debug, Clone, Copy)]
pub struct Drawn {
    pub field: usize,
    pub name: &'static str,
    pub level: u32,
}

/// So many programmes of the first fields, in turns, so that a small school is a whole one too.
pub fn drawn(count: usize, fields: usize) -> Vec<Drawn> {
    let mut each: Vec<std::vec::IntoIter<Drawn>> = FIELDS
        .iter()
        .take(fields.max(1))
        .enumerate()
        .map(|(field, programs)| {
            let all = programs.iter().flat_map(|(name, levels)| {
                levels.iter().map(move |level| Drawn { field, name, level: *level })
            });
            all.collect::<Vec<_>>().into_iter()
        })
        .collect();
    let mut found = Vec::with_capacity(count);
    loop {
        let before = found.len();
        for field in &mut each {
            if found.len() < count {
                found.extend(field.next());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn there_are_enough_for_a_large_school_and_no_two_are_one() {
        let all = drawn(230, 20);
        assert_eq!(all.len(), 230);
        assert_eq!(all.iter().map(|one| (one.name, one.level)).collect::<HashSet<_>>().len(), 230);
        assert_eq!(drawn(6, 3).iter().map(|one| one.field).collect::<HashSet<_>>().len(), 3);
    }
}
