use jiff::civil::Date;
use regie_core::id::{CampusId, ExamPeriodId, TestId};
use regie_db::{fragments, row, statements};

row! {
    /// Students who want one test on one campus; of whom how many need something.
    pub struct Demand {
        pub campus: Option<CampusId>,
        pub campus_name: Option<String>,
        pub test: TestId,
        pub test_code: String,
        pub test_name: String,
        pub total: i64,
        /// With any need that counts for this test.
        pub needs: i64,
        /// Spoken text.
        pub sound: i64,
        /// A room of their own, or one without others who are done earlier.
        pub own_room: i64,
        pub unlimited: i64,
    }

    /// As it was when the period was closed.
    pub struct Frozen {
        pub campus: Option<CampusId>,
        pub campus_name: Option<String>,
        pub test: TestId,
        pub test_code: String,
        pub test_name: String,
        pub total: i64,
        pub needs: i64,
    }
}

fragments! {
    /// `{has_need r t $begins $ends}`: opens an EXISTS over the needs of `r` that count for test `t` in those days;
    /// the statement says which and closes it.
    has_need = "EXISTS (SELECT 1 FROM pub_need n WHERE n.institution = $1 AND n.person = {1}.person
            AND n.begins <= {4} AND (n.ends IS NULL OR n.ends >= {3})
            AND (n.only_for IS NULL OR lower(n.only_for) = lower({2}.subject))";

    /// Those that make demand.
    registration_counts = "r.period = $2 AND r.state IN ('registered', 'frozen', 'booked')";
}

statements! {
    pub(super) fn now(period: ExamPeriodId, begins: Date, ends: Date) -> Demand =
        "SELECT r.campus, c.name AS campus_name, r.test, t.code AS test_code, t.name AS test_name,
            count(*) AS total,
            sum(CASE WHEN {has_need r t $3 $4}) THEN 1 ELSE 0 END) AS needs,
            sum(CASE WHEN {has_need r t $3 $4} AND n.code = 'spoken') THEN 1 ELSE 0 END) AS sound,
            sum(CASE WHEN {has_need r t $3 $4}
                AND (n.code IN ('spoken', 'separateRoom', 'writer') OR n.extra = 'unlimited'))
                THEN 1 ELSE 0 END) AS own_room,
            sum(CASE WHEN {has_need r t $3 $4} AND n.extra = 'unlimited') THEN 1 ELSE 0 END) AS unlimited
         FROM registration r
         JOIN pub_test t ON t.institution = $1 AND t.id = r.test
         LEFT JOIN pub_campus c ON c.institution = $1 AND c.id = r.campus
         WHERE r.institution = $1 AND {registration_counts}
         GROUP BY r.campus, c.name, r.test, t.code, t.name
         ORDER BY c.name, t.name, t.code, r.test";

    pub(crate) fn keep(period: ExamPeriodId, begins: Date, ends: Date) =
        "INSERT INTO frozen_demand (institution, period, campus, test, total, needs)
         SELECT r.institution, r.period, r.campus, r.test, count(*),
            sum(CASE WHEN {has_need r t $3 $4}) THEN 1 ELSE 0 END)
         FROM registration r
         JOIN pub_test t ON t.institution = $1 AND t.id = r.test
         WHERE r.institution = $1 AND {registration_counts}
         GROUP BY r.institution, r.period, r.campus, r.test";

    pub(super) fn frozen(period: ExamPeriodId) -> Frozen =
        "SELECT f.campus, c.name AS campus_name, f.test, t.code AS test_code, t.name AS test_name, f.total, f.needs
         FROM frozen_demand f
         JOIN pub_test t ON t.institution = $1 AND t.id = f.test
         LEFT JOIN pub_campus c ON c.institution = $1 AND c.id = f.campus
         WHERE f.institution = $1 AND f.period = $2 ORDER BY c.name, t.name, f.test";
}
