//! One loop, compiled for several kinds of processor.

/// Defines `name` as `plain`, compiled three times: for processors with all of `best`, for those with all of
/// `good`, and for any. Which one runs is found out at the call. `plain` must be `#[inline(always)]`, so that
/// its body becomes code for that processor.
macro_rules! fastest {
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $result:ty)? = $plain:ident,
        best [$($best:tt),+], good [$($good:tt),+]
    ) => {
        $(#[$meta])*
        $vis fn $name($($arg: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                $(#[target_feature(enable = $best)])+
                fn best($($arg: $type),*) $(-> $result)? {
                    $plain($($arg),*)
                }
                $(#[target_feature(enable = $good)])+
                fn good($($arg: $type),*) $(-> $result)? {
                    $plain($($arg),*)
                }
                if $(std::arch::is_x86_feature_detected!($best))&&+ {
                    #[allow(unsafe_code)] // Only so can code for newer processors be called.
                    // SAFETY: the condition above has checked that this machine has the instructions.
                    return unsafe { best($($arg),*) };
                }
                if $(std::arch::is_x86_feature_detected!($good))&&+ {
                    #[allow(unsafe_code)] // Only so can code for newer processors be called.
                    // SAFETY: the condition above has checked that this machine has the instructions.
                    return unsafe { good($($arg),*) };
                }
            }
            $plain($($arg),*)
        }
    };
}

pub(crate) use fastest;
