# language: fr
Fonctionnalité: Partie 3 — les modalités de délivrance du service
  Les membres se complètent : la personne connaît ses étapes et les autres portes.

  @engagement-complementarite
  Règle: Les étapes suivantes sont dites

    Plan du scénario: La deuxième étape
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors l'étape 1 est <première>
      Et l'étape 2 est <deuxième>

      Exemples:
        | personne                                                 | première             | deuxième                |
        | salarié, non cadre, demande demissionner-pour-projet      | avenir-actifs-cvl    | transitions-pro-cvl     |
        | salarié, cadre, demande demissionner-pour-projet          | apec-cvl             | transitions-pro-cvl     |
        | salarié, non cadre, demande se-reconvertir                | avenir-actifs-cvl    | transitions-pro-cvl     |
        | salarié, non cadre, demande financer-formation            | transitions-pro-cvl  | avenir-actifs-cvl       |
        | salarié, cadre, demande financer-formation                | transitions-pro-cvl  | apec-cvl                |
        | demande creer-entreprise                                  | bge-28               | initiative-eure-et-loir |
        | 16 ans, sans activité                                     | mission-locale-dreux | cio-dreux               |
        | salarié, handicap reconnu, demande maintien-emploi        | phare-28             | medecine-du-travail     |
        | suivi par mission-locale, demande apprentissage, secteur artisanat | mission-locale-dreux | cma-cvl-28     |
        | suivi par mission-locale, demande apprentissage, secteur commerce-industrie-services | mission-locale-dreux | cci-28 |

    Scénario: Une étape qui n'est pas pour la personne n'est pas proposée
      Étant donné la personne : agent public, demande se-reconvertir
      Quand l'agent demande vers qui l'orienter
      Alors transitions-pro-cvl n'est pas une étape

    Scénario: Un service à distance complète l'offre locale
      Étant donné la personne : demande information-generale, préfère à distance
      Quand l'agent demande vers qui l'orienter
      Alors region-cvl-orientation est aussi proposée
